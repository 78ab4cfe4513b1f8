using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>Another agent, or another group, has the name that one alone was to have. Nothing changed.</summary>
public sealed class NameTakenException : SpendGuardException
{
    internal NameTakenException(string name, Node by)
        : base(by.Name == name
            ? $"The name '{name}' is taken: {KindOf(by)} '{by.Id}' has it. Use another name, or that {KindOf(by)}."
            : $"The name '{name}' is taken: it is the id of {KindOf(by)} '{by.Id}'{(by.Name is null ? "" : $", whose name is '{by.Name}'")}. Use another name, or that {KindOf(by)}.") =>
        (Name, Node) = (name, by.Id);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The id of the agent or the group that has it.</summary>
    public NodeId Node { get; }

    private static string KindOf(Node node) => node.Kind == NodeKind.Agent ? "agent" : "group";
}
