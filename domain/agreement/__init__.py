"""One instrument: memorandum, letter of intent, cooperation agreement, treaty, contract or protocol."""
