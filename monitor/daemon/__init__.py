"""The background service: the beat, the signals, the watchdog, backups and metrics, and one instance of it.

Nothing is imported here: `status` wants to know of a daemon without loading all that one is made of.
"""
