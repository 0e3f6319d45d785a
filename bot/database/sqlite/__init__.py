"""The SQLite engine.

connection.py queues statements in the event loop; batch.py executes them in SQLite's thread; upgrades.py
opens a file and applies the migrations of schema.py; lock.py keeps a bot and a restore apart; backup.py and
inspection.py work on a database from outside the bot.
"""
