"""The Web API's methods, one file a family; `table.py` names them all."""
