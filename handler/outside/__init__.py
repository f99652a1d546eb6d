"""Services outside: the carrier, the sealing of numbers, the parameters. One module each."""
