namespace SpendGuard.Testing.Provider.Wire;

/// <summary>The request is not one the provider would serve.</summary>
internal sealed class RejectedRequestException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string? Param { get; init; }
    public string? Code { get; init; }
}
