using Microsoft.Extensions.Diagnostics.HealthChecks;
using SpendGuard.AspNetCore.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SpendGuard to the health checks of a host.</summary>
public static class SpendGuardHealthChecksBuilderExtensions
{
    /// <summary>Checks that calls can be made: the store answers that it can commit, within 5 seconds, and the prices in force have not expired.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What it reports when calls cannot be made; <see cref="HealthStatus.Unhealthy"/> when null.</param>
    /// <param name="tags">Tags to select it by, such as <c>ready</c>.</param>
    /// <returns>The health checks.</returns>
    /// <remarks>
    /// It commits nothing. What it reports names files and hosts, so keep it from strangers if you write it out; the answer of
    /// <c>MapHealthChecks</c> has no more than the status unless told otherwise.
    /// </remarks>
    public static IHealthChecksBuilder AddSpendGuard(
        this IHealthChecksBuilder builder, string name = "spendguard", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, static services => new SpendGuardHealthCheck(services), failureStatus, tags));
    }
}
