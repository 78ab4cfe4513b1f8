namespace SpendGuard.Sidecar.Refusals;

/// <summary>The sidecar is being stopped, and begins no call any more.</summary>
internal sealed class StoppingException() : Exception("The sidecar is being stopped. Nothing is held, and nothing was sent to a provider; send it again.");
