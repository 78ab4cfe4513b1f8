using SpendGuard;
using SpendGuard.AspNetCore.Refusals;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Answers requests whose calls SpendGuard refused.</summary>
public static class SpendGuardProblemDetailsExtensions
{
    /// <summary>
    /// Has <c>app.UseExceptionHandler()</c> answer refusals as problem details: 402 where a budget or a limit does not suffice, 403 for a pause, 409
    /// while calls in flight hold what is left, 400 for what has no price, no bound or no agent, 401 where nobody is signed in who could be the
    /// agent, 503 where the store or the prices cannot be used. <c>Retry-After</c> stands beside it where it is known when to try again; the figures
    /// are extensions, amounts in microcents.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// What a store or a source of prices says of its failure names hosts and files: that goes to the log, and the answer says only that it failed.
    /// A stream that has begun cannot be answered any more: its exception ends it.
    /// </remarks>
    public static IServiceCollection AddSpendGuardProblemDetails(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddProblemDetails();
        return services.Any(service => service.ImplementationType == typeof(RefusalHandler)) ? services : services.AddExceptionHandler<RefusalHandler>();
    }
}
