"""What Alembic runs; `bot.store.schema` hands it the connection."""
