namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>A provider has begun an answer and sends no more of it.</summary>
internal sealed class ProviderSilentException(string provider, TimeSpan patience)
    : IOException($"{provider} began an answer and then sent nothing for {patience.TotalSeconds:0} seconds.");
