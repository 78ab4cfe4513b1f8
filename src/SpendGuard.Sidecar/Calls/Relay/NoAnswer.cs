using SpendGuard.Billing;
using SpendGuard.Sidecar.Calls.Upstream;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>What is said of a call that no answer came to.</summary>
internal static class NoAnswer
{
    /// <summary>Why a call ended that a pause has cut, for the log.</summary>
    public const string Cut = "the call was cut by a pause";

    /// <summary>What scripts know.</summary>
    public static string From(string provider) => $"No answer came from {provider}.";

    /// <summary>The same with what happened, as far as it is known, and the way out.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="why">What came in place of an answer; null when nothing did.</param>
    public static string Told(string provider, Exception? why) => From(provider) + " " + (UnbilledCall.NeverSent(why) || why is NotSentException { InnerException: var cause } && IsOfConnection(cause)
        ? "No connection could be made, so nothing was sent. Check the network and the provider's base URL; a proxy that the environment names is not used."
        : why is NotSentException ? "The request could not be written, so nothing was sent. Look at the provider's key and at the sidecar's log."
        : why is OperationCanceledException or TimeoutException
            ? "It did not begin one in time. SPENDGUARD_PROVIDER_TIMEOUT_SECONDS sets how long it may take."
            : "The connection was cut before one began. Look at the network between, and at the sidecar's log.");

    private static bool IsOfConnection(Exception? cause) => UnbilledCall.NeverSent(cause) || cause is OperationCanceledException or TimeoutException;
}
