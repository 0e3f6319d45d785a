"""The moderators' side of the filters: rules are shown, changed, tried out, exported and imported.

- service: `FilterService`, with one method for each command and button.
- components and actions: the buttons, and the abstract class through which they reach the service.
- embeds and wording: lists of rules, and the sentences about changes.
- import_export: a server's rules as a JSON file.

A request: `/filters block` in cogs/filters.py parses what was typed (bot/filters/parsing.py) and calls
`FilterService.add`. That checks the permission again, stores the rules and their record of change in one
statement (bot/database/rules.py), tells `FilterCache` and the shortlists' posts of the change, and answers
with sentences made from the changes that the database returned.
"""
