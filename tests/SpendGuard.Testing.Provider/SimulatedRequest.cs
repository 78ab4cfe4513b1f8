using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider;

/// <summary>One request as the provider understood it, whichever wire format it came in.</summary>
public sealed record SimulatedRequest
{
    public required int CallId { get; init; }
    public required string Path { get; init; }
    public required string Caller { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The query, with its question mark; empty without one.</summary>
    public string Query { get; init; } = "";

    /// <summary>The request's JSON; of a name given twice, the last value counts, as it does at the real providers.</summary>
    public required JsonObject Body { get; init; }

    public string Model { get; init; } = "";

    /// <summary>The output cap received, or null if the request names none.</summary>
    public long? MaxOutputTokens { get; init; }

    public int Choices { get; init; } = 1;
    public bool Stream { get; init; }

    /// <summary>Whether the client asked for usage at the end of a stream; the formats that always send it say true.</summary>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>How often the provider may call tools that it runs itself.</summary>
    public long HostedCalls { get; init; }

    /// <summary>The names of the tools the client offers.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Whether the conversation ends with the result of a tool.</summary>
    public bool EndsWithToolResult { get; init; }

    /// <summary>What a model makes out of it. Read anew each time.</summary>
    public SimulatedConversation Conversation => Format?.Conversation(Body) ?? new();

    internal IWireFormat? Format { get; init; }
}
