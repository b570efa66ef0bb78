"""Where foreign data is parsed: rule files, mappings and event logs."""
