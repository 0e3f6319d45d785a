"""Privacy: which data is kept about members and servers, for how long, and how it is deleted.

- notice: the text of `/privacy`, with a sentence for each table of the database.
- retention: the age at which data expires, and the job that deletes it.
- service: `PrivacyService`, which erases the data of a member or a server on request.
- components: the buttons under `/privacy`.

A request: the button under `/privacy` defers and calls `PrivacyService`. That waits until commands in
progress have written their data, deletes the rows in one transaction (bot/database/privacy.py), evicts
the same member or server from the caches in memory, and the button replies once all of it is done.
"""
