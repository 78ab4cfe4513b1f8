using System.Text.Json.Nodes;

namespace SpendGuard.Cli.Connection;

/// <summary>What the sidecar answered.</summary>
/// <param name="Body">What is known of it.</param>
/// <param name="Json">All of it.</param>
/// <param name="Date">When it was answered, by the sidecar's clock; null when it did not say.</param>
internal sealed record Answer<T>(T Body, JsonNode Json, DateTimeOffset? Date = null);
