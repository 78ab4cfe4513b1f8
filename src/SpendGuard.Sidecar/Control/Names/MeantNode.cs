using SpendGuard.Budgets;
using SpendGuard.Names;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Names;

/// <summary>Finds the one agent or group that is meant by an id, a name, or the beginning of an id.</summary>
internal static class MeantNode
{
    /// <summary>What <see cref="Refusal.Code"/> is of a text by which several may be meant.</summary>
    public const string Ambiguous = "ambiguous";

    private const int MostTold = 5;

    /// <summary>The node that is meant; null for none.</summary>
    /// <param name="caller">Who asks: of another organisation's, and with an agent's own key of any other, nothing is told.</param>
    /// <param name="text">What was said.</param>
    /// <param name="kind">Only an agent, or only a group; null for both.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadRequestException">Several may be meant; 409.</exception>
    public static ValueTask<Node?> FindAsync(Admission caller, string text, NodeKind? kind, CancellationToken cancellationToken) =>
        FindAsync(caller, text, kind, AcceptedNames.All, cancellationToken);

    /// <inheritdoc cref="FindAsync(Admission, string, NodeKind?, CancellationToken)"/>
    public static async ValueTask<Node?> FindAsync(
        Admission caller, string text, NodeKind? kind, AcceptedNames accepts, CancellationToken cancellationToken) =>
        (await caller.Engine.FindMeantAsync(text, kind, cancellationToken))
            .Where(node => accepts != AcceptedNames.NamesOnly || node.Id.Value == text || node.Name == text).ToList() switch
        {
            [] => null,
            [var one] => one,
            var several => throw Several(text, several),
        };

    /// <summary>Whether an agent is meant, as far as that can be said without a look at any other.</summary>
    public static bool IsMeant(Agent agent, string text) =>
        agent.Id.Value == text || agent.Name == text || Beginning.IsOf(text, agent.Id.Value);

    private static BadRequestException Several(string text, List<Node> nodes)
    {
        var kinds = nodes.All(node => node.Kind == NodeKind.Agent) ? "agents" : nodes.All(node => node.Kind == NodeKind.Group) ? "groups" : "agents and groups";
        var ids = string.Join(", ", nodes.Take(MostTold).Select(node => $"'{node.Id}'")) + (nodes.Count > MostTold ? ", and others" : "");
        return new BadRequestException(
            nodes.All(node => node.Name == text)
                ? $"Several {kinds} have the name '{text}': {ids}. Say by the id which one is meant."
                : nodes[0].Name == text
                ? $"Several {kinds} may be meant by '{text}', as a name and as the beginning of an id: {ids}. Say by the whole id which one."
                : $"The ids of several {kinds} begin with '{text}': {ids}. Give more of the one that is meant.",
            StatusCodes.Status409Conflict) { Code = Ambiguous };
    }
}
