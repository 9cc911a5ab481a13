"""`python -m monitor` is the command `policy-monitor`."""

from monitor.cli import main

if __name__ == "__main__":
    main()
