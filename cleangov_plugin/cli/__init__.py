"""The command line, which loads the plugin by its entry point like any host."""
