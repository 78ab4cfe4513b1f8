using SpendGuard.Billing;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>What the events of a stream have said, for who relays them and for who may have to end the call meanwhile.</summary>
internal sealed class EventsSoFar(IEventReader reader) : IEventReader
{
    private readonly Lock _gate = new();

    public ProviderReport Report
    {
        get
        {
            lock (_gate)
            {
                return reader.Report;
            }
        }
    }

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            return reader.Observe(data);
        }
    }
}
