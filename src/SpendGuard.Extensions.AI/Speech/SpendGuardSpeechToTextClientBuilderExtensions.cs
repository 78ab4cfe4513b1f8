using System.Diagnostics.CodeAnalysis;
using SpendGuard;
using SpendGuard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Puts speech-to-text pipelines under a budget.</summary>
[Experimental("MEAI001")]
public static class SpendGuardSpeechToTextClientBuilderExtensions
{
    /// <summary>Puts every transcription under an agent's budget. Call it last: it has to be the innermost of the pipeline.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    public static SpeechToTextClientBuilder UseSpendGuard(
        this SpeechToTextClientBuilder builder,
        AgentId agent,
        SpendGuardEngine? engine = null,
        Action<SpeechToTextSettings>? configure = null)
    {
        var id = agent.Value;
        return builder.UseSpendGuard(() => id, engine, configure);
    }

    /// <summary>Puts every transcription under the budget of the agent that is running.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running. Asked at the start of each call outside of a <see cref="SpendGuardScope"/>; when it gives null, the
    /// call is refused with an <see cref="UnidentifiedAgentException"/>.
    /// </param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    public static SpeechToTextClientBuilder UseSpendGuard(
        this SpeechToTextClientBuilder builder,
        Func<string?> currentAgent,
        SpendGuardEngine? engine = null,
        Action<SpeechToTextSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(currentAgent);
        return builder.Use((innerClient, services) =>
        {
            var settings = new SpeechToTextSettings();
            configure?.Invoke(settings);
            return new SpendGuardSpeechToTextClient(innerClient, currentAgent, engine ?? RegisteredEngine.Of(services), settings);
        });
    }
}
