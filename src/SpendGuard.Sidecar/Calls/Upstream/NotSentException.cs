namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>A request failed of which the provider had nothing that a model could be run for: none of its body was handed to a connection.</summary>
/// <param name="why">What came in its place.</param>
internal sealed class NotSentException(Exception why) : Exception(why.Message, why);
