namespace SpendGuard.Testing.Provider;

/// <summary>What the provider charges, kept apart from anything the client believes. Safe for concurrent use.</summary>
public sealed class ProviderBill
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _byCaller = new(StringComparer.Ordinal);
    private long _total;
    private int _calls;

    public long TotalMicrocents
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>How many calls were billed.</summary>
    public int BilledCalls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    public long TotalFor(string caller)
    {
        lock (_gate)
        {
            return _byCaller.GetValueOrDefault(caller);
        }
    }

    internal void Add(string caller, long microcents)
    {
        lock (_gate)
        {
            _total = checked(_total + microcents);
            _byCaller[caller] = checked(_byCaller.GetValueOrDefault(caller) + microcents);
            _calls++;
        }
    }
}
