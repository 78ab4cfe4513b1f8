using System.Diagnostics.Metrics;

namespace SpendGuard.Calls.Wire;

/// <summary>Sees every request that .NET's HTTP handler is about to send in the flow of a call, however far below the call it is made.</summary>
/// <remarks>
/// The handler measures each request when it begins and when it has ended, in the flow that sends it, below retries, hedging and redirects,
/// and before a connection is looked for. What the first measurement throws is thrown in that flow, and the request is not sent. Tracing would
/// tell the same, but listening to it puts a header into requests. What the handler itself sends again, after a connection went stale or a
/// stream was refused, had not been taken up by the server. What others send for the call is not seen here; <see cref="GivenRequests"/> tells
/// that there was something to send, and <see cref="Strays"/> that somebody did.
/// </remarks>
internal sealed class HttpRequests : IDisposable
{
    private const string Begun = "http.client.active_requests";
    private const string Ended = "http.client.request.duration";

    private readonly AsyncLocal<CallAttempts?> _call = new();
    private readonly AsyncLocal<Attempt?> _attempt = new();
    private readonly MeterListener _listener = new();
    private readonly GivenRequests _given;

    public HttpRequests()
    {
        _given = new GivenRequests(layer => _call.Value?.Seen.Give(layer), layer => _call.Value?.Seen.GetAnswer(layer));
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Net.Http" && instrument.Name is Begun or Ended)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) => Begin(change, tags));
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => End(tags));
        _listener.Start();
    }

    /// <summary>Requests to where calls go that are no call's.</summary>
    public Strays Strays { get; } = new();

    /// <summary>Makes the requests of this flow those of a call.</summary>
    /// <param name="call">The call; null for nobody's.</param>
    /// <returns>Whose they were before.</returns>
    public CallAttempts? Exchange(CallAttempts? call)
    {
        var before = _call.Value;
        _call.Value = call;
        return before;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _given.Dispose();
    }

    /// <summary>Whether a request can be one for a model's answer; those are never mere questions.</summary>
    private static bool Orders(string? method) => method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" or "DELETE");

    private static object? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    private void Begin(long change, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (change <= 0)
        {
            return;
        }

        var orders = Orders(Find(tags, "http.request.method") as string);
        var to = new Strays.Endpoint(Find(tags, "server.address") as string ?? "", Find(tags, "server.port") as int? ?? 0);
        if (_call.Value is { } call)
        {
            call.Seen.Send();

            // Until the request has ended, this flow is its own.
            _attempt.Value = orders ? call.Begin(to) : null;
        }
        else if (orders)
        {
            Strays.Add(to);
        }
    }

    private void End(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_call.Value is { } call)
        {
            var status = Find(tags, "http.response.status_code") as int?;
            call.Seen.EndSent(status);
            if (_attempt.Value is { } attempt)
            {
                call.Ended(attempt, status, Find(tags, "error.type") as string);
            }
        }
    }
}
