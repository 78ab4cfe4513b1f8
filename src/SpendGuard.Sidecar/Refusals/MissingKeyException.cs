namespace SpendGuard.Sidecar.Refusals;

/// <summary>A provider is called whose key is not set.</summary>
internal sealed class MissingKeyException(string variable)
    : Exception($"The provider's key is missing. Set {variable} for the sidecar and start it again.");
