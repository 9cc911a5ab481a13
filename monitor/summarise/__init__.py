"""Puts changes in sentences by a language model of the operator's own. Off unless the configuration asks for it."""
