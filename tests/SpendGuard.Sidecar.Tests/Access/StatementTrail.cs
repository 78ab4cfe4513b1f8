using System.Collections.Concurrent;
using System.Diagnostics;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>What was asked of the database on behalf of a request, whatever else the process does at the same time.</summary>
internal sealed class StatementTrail : IDisposable
{
    private readonly ConcurrentQueue<(ActivityTraceId Request, string Statement)> _statements = [];
    private readonly ActivityListener _listener;

    public StatementTrail()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = command =>
            {
                if (command.GetTagItem("db.query.text") is string statement)
                {
                    _statements.Enqueue((command.TraceId, statement));
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Marks a request, so that what it leads to can be told from everything else.</summary>
    public static ActivityTraceId Mark(HttpRequestMessage request)
    {
        var mark = ActivityTraceId.CreateRandom();
        request.Headers.Add("traceparent", $"00-{mark}-{ActivitySpanId.CreateRandom()}-01");
        return mark;
    }

    /// <summary>The statements of a request that has been answered, in their order.</summary>
    public IReadOnlyList<string> Of(ActivityTraceId request) =>
        [.. _statements.Where(entry => entry.Request == request).Select(entry => entry.Statement)];

    public void Dispose() => _listener.Dispose();
}
