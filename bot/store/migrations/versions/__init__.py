"""One file a migration, in the order of their numbers; what was released is never edited."""
