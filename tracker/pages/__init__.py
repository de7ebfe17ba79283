"""The patient's pages: templates, modules, styles, and their sentences."""
