using System.Text.Json.Nodes;

namespace SpendGuard.Cli.Connection;

/// <summary>What the sidecar answered: what is known of it, and all of it.</summary>
internal sealed record Answer<T>(T Body, JsonNode Json);
