using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Nodes;

/// <summary>An agent or a group, as routes name it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsAgent">Whether it is an agent.</param>
/// <param name="Paused">Who had paused it itself when it was looked up; null where nobody had, or where that was not asked.</param>
internal sealed record NodeName(string Id, bool IsAgent, PauseView? Paused = null)
{
    /// <summary>What people call it; null where it has no name.</summary>
    public string? Name { get; init; }

    /// <summary>What it is called in what people read.</summary>
    public string InFull => Name is { } name ? $"{name} ({Id})" : Id;

    /// <summary>What it is, to people.</summary>
    public string Kind => IsAgent ? "agent" : "group";

    /// <summary>What it is called by in lines.</summary>
    public string Key => IsAgent ? "agent_id" : "group_id";

    /// <summary>Where it is at a sidecar.</summary>
    public string Path => $"v1/{(IsAgent ? "agents" : "groups")}/{Uri.EscapeDataString(Id)}";
}
