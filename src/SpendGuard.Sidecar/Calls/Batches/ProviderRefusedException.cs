namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>A provider has refused something that is free, and without which nothing else is asked of it.</summary>
/// <param name="status">The status of its answer.</param>
/// <param name="body">The body of its answer.</param>
internal sealed class ProviderRefusedException(int status, byte[] body) : Exception($"The provider answered with status {status}.")
{
    public int Status { get; } = status;

    public byte[] Body { get; } = body;
}
