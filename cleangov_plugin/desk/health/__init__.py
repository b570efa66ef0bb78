"""How the plugin is: for city IT in sentences, for monitors in a word and in figures."""
