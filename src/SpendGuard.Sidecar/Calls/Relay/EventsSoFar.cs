using System.Buffers;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>What the events of a stream have said, for who relays them and for who may have to end the call meanwhile.</summary>
/// <remarks>What is said to be a stream of events and has none may be an answer as a whole.</remarks>
internal sealed class EventsSoFar(Call call)
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly IEventReader _reader = call.Dialect.ReadEvents(call);
    private ArrayBufferWriter<byte>? _withoutEvents = new();

    public ProviderReport Report
    {
        get
        {
            lock (_gate)
            {
                return _withoutEvents is { WrittenCount: > 0 } whole && AnswerReport.OfJson(call, whole.WrittenSpan) is { } said ? said : _reader.Report;
            }
        }
    }

    /// <summary>Looks at an event before it goes to the client.</summary>
    public EventFate Observe(ReadOnlyMemory<byte> passed)
    {
        var data = EventData.Of(passed.Span);
        lock (_gate)
        {
            if (!data.IsEmpty || _withoutEvents?.WrittenCount + passed.Length > MostBytes)
            {
                _withoutEvents = null;
            }

            _withoutEvents?.Write(passed.Span);
            return _reader.Observe(data);
        }
    }
}
