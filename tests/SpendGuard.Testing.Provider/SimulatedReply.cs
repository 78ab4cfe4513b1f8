namespace SpendGuard.Testing.Provider;

/// <summary>What the model says to one request: text, tool calls, or both.</summary>
public sealed record SimulatedReply
{
    /// <summary>What it thinks first. It is billed as reasoning, and sent where the format has a place for it.</summary>
    public string? Thoughts { get; init; }

    public string? Text { get; init; }
    public IReadOnlyList<SimulatedToolCall> ToolCalls { get; init; } = [];

    public static SimulatedReply Say(string text) => new() { Text = text };

    public static SimulatedReply Call(string tool, string argumentsJson) => new() { ToolCalls = [new(tool, argumentsJson)] };
}

/// <summary>One call of a client's tool, its arguments as JSON text.</summary>
public sealed record SimulatedToolCall(string Name, string ArgumentsJson)
{
    /// <summary>The namespace that the tool was offered in.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether the tool takes text as it is: then <see cref="ArgumentsJson"/> is that text.</summary>
    public bool TakesText { get; init; }
}
