using System.Diagnostics.Tracing;

namespace SpendGuard.Calls.Wire;

/// <summary>Sees every request that an HTTP client or the pipeline of an SDK is given in a flow, whatever sends it below that.</summary>
/// <remarks>
/// A handler or a transport of one's own is not seen on the wire, nor is a request that one hands to another flow. But what they are given
/// is, and that they answered it.
/// </remarks>
internal sealed class GivenRequests : EventListener
{
    private const string Clients = "System.Net.Http";
    private const string Pipelines = "System.ClientModel";

    // Made before the base class is, which may write already.
    private readonly AsyncLocal<Given?>[] _current = [new(), new()];
    private readonly Action<Layer> _given;
    private readonly Action<Layer> _answered;

    /// <param name="given">Takes in that a request was given in this flow.</param>
    /// <param name="answered">Takes in that one was answered.</param>
    public GivenRequests(Action<Layer> given, Action<Layer> answered) => (_given, _answered) = (given, answered);

    /// <summary>Who is given requests. The pipelines give them to clients, as a rule.</summary>
    internal enum Layer
    {
        Client,
        Pipeline,
    }

    /// <summary>Whether the process has events at all; a native executable may be built without.</summary>
    public static bool IsSupported => !AppContext.TryGetSwitch("System.Diagnostics.Tracing.EventSource.IsSupported", out var isOn) || isOn;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is Clients or Pipelines)
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var layer = eventData.EventSource.Name == Pipelines ? Layer.Pipeline : Layer.Client;
        switch (eventData.EventName)
        {
            case "RequestStart" or "Request":
                Begin(layer, string.Join(' ', eventData.Payload?.Skip(1).Take(3) ?? []));
                break;
            case "RequestStop":
                End(layer, isAnswered: eventData.Payload is [int and >= 0, ..]);
                break;
            case "Response" or "ErrorResponse" or "ExceptionResponse":
                End(layer, isAnswered: eventData.EventName != "ExceptionResponse");
                break;
        }
    }

    /// <summary>Clients are nested: one that is given what another was is given nothing new.</summary>
    private void Begin(Layer layer, string what)
    {
        var outer = _current[(int)layer].Value;
        var isNew = outer?.Has(what) != true;
        _current[(int)layer].Value = new Given(what, isNew, outer);
        if (isNew)
        {
            _given?.Invoke(layer);
        }
    }

    private void End(Layer layer, bool isAnswered)
    {
        if (_current[(int)layer].Value is { } ended)
        {
            _current[(int)layer].Value = ended.Outer;
            if (isAnswered && ended.IsNew)
            {
                _answered?.Invoke(layer);
            }
        }
    }

    /// <summary>A request that was given in a flow, within others.</summary>
    private sealed record Given(string What, bool IsNew, Given? Outer)
    {
        public bool Has(string what) => What == what || Outer?.Has(what) == true;
    }
}
