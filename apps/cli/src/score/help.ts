/** The help of `lahko score`. */
export const scoreHelp = `Reads CSV, TSV and NDJSON of any size (UTF-8, UTF-16 or Windows-1250; any common delimiter). Several files
count as one; - reads from another program. The score column is found by its name or its values.
An empty cell is unanswered. A value that is no score is counted as skipped and shown with its line; 7.0 and 7,0
are seven, 7.000 may be thousands and is none. The first line names the columns. A row may have up to 1 MB.

What is read
  --column NAME        the score column
  --scale ID           ces-10 (1–10), ces-7, csat-5, nps-11 (0–10): high is easy, satisfied, likely
                       ces-5: high is hard; ces-3: three faces
  --min N --max N --direction high-is-easy|high-is-hard --easy 8-10 --hard 1-4
                       a scale of your own; --easy and --hard also go with --scale, as another rule
  --strict             stop at the first bad value, with exit code 2

What is shown
  --metric NAME        of groups and periods: mean (default), easy-share, hard-share, net-ease, ease-index
  --level 95           confidence level of the intervals, in per cent
  --asked N            how many people were asked, for the response rate
  --by COLUMN          compare groups, each against the rest (10,000 groups, then all others together)
  --over COLUMN        a control chart over time; dates as 2026-01-31 or 31.1.2026, with or without a time
  --every day|week|month   with --over; default week
  --time-zone ZONE     with --over, for instants such as 2026-01-31T23:30:00Z; default this machine's
  --json               for programs: all figures unrounded, as one object: n, histogram, mean, easyShare,
                       hardShare, netEase, easeIndex, median, standardDeviation, rule, level, rows,
                       unanswered, skipped (line, value, reason; the first 1,000), scale. Skipped are
                       rows − n − unanswered. --asked adds asked and responseRate, --by adds by and
                       groups, --over adds over and periods, several files a file to each skipped

Exit codes: 0 done, also with skipped values; 1 the file cannot be read; 2 the command line, a scale that cannot
be told, or a bad value under --strict.

Examples
  lahko score answers.csv
  lahko score answers.csv --scale ces-7 --by channel
  lahko score january.csv february.csv --over answered_at --every month --time-zone Europe/Ljubljana
  zcat answers.ndjson.gz | lahko score - --column rating --json`
