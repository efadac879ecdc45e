"""Answers as text: terminal tables, Markdown, HTML, CSV, JSON; they know only what an answer is."""
