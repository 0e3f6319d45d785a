"""The bot without Discord and without a key: an offline catalogue, and a simulated Discord in the browser.

The catalogue is data (`genres`), generated tracks (`tracks`, `covers`) and a search over them
(`search_index`), served over HTTP with AudioScape's contract (`catalogue`); the queries in
`simulated_errors` make it fail.
`simulation` runs the real Bot in SimCord; its clock stands still, so `real_time` runs requests and pauses
outside it. No other package of the bot imports from here.
"""
