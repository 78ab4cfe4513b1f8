using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.AspNetCore.Agents;

namespace SpendGuard.AspNetCore;

/// <summary>Tells which agent the calls of a request count for.</summary>
/// <remarks>
/// Where it finds none, the call is refused with an <see cref="UnidentifiedAgentException"/>, and the request answered with 401 or 400. Outside of a
/// request, as in a background service or the circuit of a Blazor page, there is none either: call through <c>client.ForAgent(…)</c> there.
/// </remarks>
public sealed class AgentFrom
{
    private const string NobodySignedIn = "Nobody is signed in, so it cannot be told whose budget pays for the call. Sign in and send it again.";

    private readonly Func<HttpContext, (string? Agent, MissingAgent? Missing)> _find;

    private AgentFrom(Func<HttpContext, (string? Agent, MissingAgent? Missing)> find) => _find = find;

    /// <summary>The user who is signed in.</summary>
    /// <param name="claim">
    /// The claim whose value is the agent; the user's id (<see cref="ClaimTypes.NameIdentifier"/>, else <c>sub</c>) when null. It has to be one that users
    /// cannot choose.
    /// </param>
    public static AgentFrom User(string? claim = null) => new(context =>
    {
        var identities = context.User.Identities.Where(identity => identity.IsAuthenticated).ToList();
        if (identities.Count == 0)
        {
            return (null, new MissingAgent(StatusCodes.Status401Unauthorized, NobodySignedIn));
        }

        string[] claims = claim is null ? [ClaimTypes.NameIdentifier, "sub"] : [claim];
        var agent = claims.SelectMany(name => identities.Select(identity => identity.FindFirst(name)?.Value)).FirstOrDefault(value => value is not null);
        return (agent, agent is not null ? null : new MissingAgent(
            StatusCodes.Status400BadRequest, $"The user who is signed in has no claim '{claims[0]}', so it cannot be told whose budget pays for the call."));
    });

    /// <summary>A header of the request.</summary>
    /// <param name="name">The header's name, such as <c>x-agent-id</c>.</param>
    /// <remarks>
    /// Whoever can call can set it, and so spend another's budget. Use it only where all callers are yours, or behind a gateway that sets the header
    /// itself and drops what came with it.
    /// </remarks>
    public static AgentFrom Header(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new(context => context.Request.Headers[name] is { Count: 1 } values && values[0] is { Length: > 0 } agent && !agent.Contains(',', StringComparison.Ordinal)
            ? (agent, null)
            : (null, new MissingAgent(StatusCodes.Status400BadRequest, $"The request has to have one header {name}, which says whose budget pays for the call.")));
    }

    /// <summary>Whatever else of the request tells it.</summary>
    /// <param name="find">Tells the agent of a request; null or empty where it has none.</param>
    public static AgentFrom Request(Func<HttpContext, string?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        return new(context => find(context) is { Length: > 0 } agent
            ? (agent, null)
            : (null, new MissingAgent(StatusCodes.Status400BadRequest, "It cannot be told from the request whose budget pays for the call.")));
    }

    /// <summary>The same as a function, for every <c>UseSpendGuard</c> that takes one.</summary>
    /// <param name="services">The services that the pipeline is built with.</param>
    /// <returns>Tells the agent of the request that is being answered; null where there is none.</returns>
    /// <exception cref="InvalidOperationException">The services have no access to the request.</exception>
    public Func<string?> In(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var accessor = services.GetService<IHttpContextAccessor>() ?? throw new InvalidOperationException(
            "The agent is to be told from the request, and the services that this pipeline is built with have no access to it. Call builder.AddSpendGuard()"
            + " or services.AddHttpContextAccessor() on them, and build the pipeline with them: Build(serviceProvider).");
        return () => accessor.HttpContext is { } context ? Of(context) : null;
    }

    private string? Of(HttpContext context)
    {
        var (agent, missing) = _find(context);
        if (agent is not null)
        {
            try
            {
                return new AgentId(agent).Value;
            }
            catch (ArgumentException fault)
            {
                missing = new MissingAgent(StatusCodes.Status400BadRequest, fault.Message.Split(" (Parameter", 2)[0]);
            }
        }

        missing?.Leave(context);
        return null;
    }
}
