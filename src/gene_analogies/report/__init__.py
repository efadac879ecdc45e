"""Results as text: terminal tables, Markdown, CSV, JSON."""
