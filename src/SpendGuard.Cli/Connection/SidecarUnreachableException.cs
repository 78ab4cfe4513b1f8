namespace SpendGuard.Cli.Connection;

/// <summary>No answer came from where the sidecar should be.</summary>
internal sealed class SidecarUnreachableException(string address, string reason, Exception innerException) : CommandFailedException(
    $"No sidecar answers at {address}: {reason.TrimEnd('.')}. Start one with 'spendguard sidecar', or name another with --base-url.",
    innerException: innerException)
{
    public string Reason { get; } = reason.TrimEnd('.');
}
