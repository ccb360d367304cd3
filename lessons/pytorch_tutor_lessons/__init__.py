"""The lessons: notebooks in English and Chinese, and what checks their exercises."""
