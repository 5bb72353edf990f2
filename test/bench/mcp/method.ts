/** How all of it was measured: enough to doubt it, and to do it again. */
export const METHOD = `One tool that answers with the text it is given, one client, one call after the other, the event loop turned every 64 calls.
Spans and points are made in full and dropped at the end of the pipeline: a \`BatchSpanProcessor\` whose exporter counts and forgets, a metric
reader that collects once at the end. The floor is one span and one histogram point written by hand inside the tool, with every attribute
that the conventions require or recommend for it. Ours is \`instrument()\` of the built package with its defaults, joined to the SDK that was
registered before it, the same as the floor's; only where the server alone is measured \`discover\` is off, since it would find the client of
this process too.

- Time is CPU time of the main thread (\`process.threadCpuUsage\`), collection of garbage on it included: wall time on a shared machine tells as
  much about its other guests. Wall time of the same calls is in the last column, with the spread of all rounds.
- Every variant has a process of its own, or rather one after another (\`--processes\`), since the same program is a little faster or slower in each.
  They are warmed up, then take turns within each round: A B C, B C A, C A B. "Added" is the median over the rounds of the difference to the
  baseline of the same round, and between which quartiles that difference lay. Against the floor: the ratio of two such medians, and where it
  lies in nine of ten draws from the same rounds.
- Allocation is what a call adds to the heap while nothing is collected: in another process, with a young generation of 1 GiB, which refuses to
  answer if there was a collection all the same. Median of three readings.
- Before anything is measured, the spans of five calls are looked at; over the whole run all are counted. What arrived is in the table.
  Sentry's transport counts what it is given and drops it before it is serialised; Shinzo's own OTLP exporters are made to do the same. Set-ups,
  versions and licences of the peers: \`test/bench/mcp/peers/README.md\`.`;
