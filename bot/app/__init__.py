"""THE ROOF: builds everything; the only room that sees all wings."""
