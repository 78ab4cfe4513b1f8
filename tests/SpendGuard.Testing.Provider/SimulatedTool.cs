using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider;

/// <summary>A tool of the client's that a request offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">The schema of its arguments; empty where it has none.</param>
public sealed record SimulatedTool(string Name, JsonObject Arguments)
{
    /// <summary>The namespace that it is offered in, where there are any.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether it takes text as it is, in place of arguments.</summary>
    public bool TakesText { get; init; }
}
