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
            // What is written while the base class is made comes before there is somebody to tell.
            case "RequestStart" or "Request":
                _given?.Invoke(layer);
                break;
            case "RequestStop" when eventData.Payload is [int and >= 0, ..]:
            case "Response" or "ErrorResponse":
                _answered?.Invoke(layer);
                break;
        }
    }
}
