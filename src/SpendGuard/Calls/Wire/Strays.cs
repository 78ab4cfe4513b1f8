using System.Collections.Concurrent;

namespace SpendGuard.Calls.Wire;

/// <summary>Requests that belong to no call that is under way, to where calls go: a thread or a queue may have sent them for one all the same.</summary>
internal sealed class Strays
{
    private readonly ConcurrentDictionary<Endpoint, long> _last = new();
    private long _count;

    /// <summary>How many there were so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Takes note that calls go somewhere.</summary>
    public void Expect(Endpoint endpoint) => _last.TryAdd(endpoint, 0);

    /// <summary>Takes note of a request that is nobody's.</summary>
    public void Add(Endpoint endpoint)
    {
        if (_last.ContainsKey(endpoint))
        {
            _last[endpoint] = Interlocked.Increment(ref _count);
        }
    }

    /// <summary>Whether there was one to an endpoint after so many.</summary>
    public bool AnySince(long count, Endpoint endpoint) => _last.TryGetValue(endpoint, out var last) && last > count;

    /// <summary>A server that requests go to.</summary>
    /// <param name="Host">Its host.</param>
    /// <param name="Port">Its port.</param>
    internal readonly record struct Endpoint(string Host, int Port)
    {
        /// <summary>That of an address; null where it has none.</summary>
        public static Endpoint? Of(Uri? address) => address is { IsAbsoluteUri: true } ? new(address.IdnHost, address.Port) : null;
    }
}
