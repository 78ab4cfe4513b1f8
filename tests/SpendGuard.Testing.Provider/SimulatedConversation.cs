using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider;

/// <summary>What a model makes out of a request: who said what so far, and what it may do next.</summary>
public sealed record SimulatedConversation
{
    /// <summary>The tools that are offered.</summary>
    public IReadOnlyList<SimulatedTool> Tools { get; init; } = [];

    /// <summary>How often the model has answered with calls of tools so far; calls side by side are one time.</summary>
    public int ToolTurns { get; init; }

    /// <summary>What the tools that it called gave back.</summary>
    public IReadOnlyList<string> ToolResults { get; init; } = [];

    /// <summary>What the user said.</summary>
    public string Said { get; init; } = "";

    /// <summary>The schema that the answer has to keep to, if there is one.</summary>
    public JsonObject? AnswerSchema { get; init; }

    /// <summary>Whether the client wants to have what the model thinks.</summary>
    public bool WantsThoughts { get; init; }

    /// <summary>Whether several tools may be called side by side.</summary>
    public bool AllowsParallelCalls { get; init; } = true;

    /// <summary>Whether the input is to be cached; where that goes without saying, it is.</summary>
    public bool AsksToCache { get; init; } = true;
}
