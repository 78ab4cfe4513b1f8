using Microsoft.Extensions.DependencyInjection;
using SpendGuard;
using SpendGuard.SemanticKernel;
using SpendGuard.SemanticKernel.Functions;
using SpendGuard.SemanticKernel.Services;

namespace Microsoft.SemanticKernel;

/// <summary>Puts kernels under a budget.</summary>
public static class SpendGuardKernelBuilderExtensions
{
    /// <summary>
    /// Puts every model service of a kernel under an agent's budget, and attributes each call to the function that makes it. Call it
    /// last: a model service that is registered after it keeps the kernel from being built.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets the budget up.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The builder's services are under a budget already.</exception>
    /// <exception cref="UnguardedServiceException">A model service is registered in a way that cannot be guarded.</exception>
    /// <remarks>
    /// Building the kernel, or asking it for a service, throws <see cref="UnguardedServiceException"/> when a model service has no
    /// guard. Only what the kernel has is guarded: a client that is made elsewhere, such as inside of a function, is not.
    /// </remarks>
    public static IKernelBuilder AddSpendGuard(
        this IKernelBuilder builder,
        AgentId agent,
        SpendGuardEngine? engine = null,
        Action<SpendGuardKernelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SpendGuardKernelOptions();
        configure?.Invoke(options);

        var guarded = GuardedServices.Guard(builder.Services, new ServiceGuard(agent, engine, options));

        if (options.OffersBudget)
        {
            builder.Services.AddSingleton<KernelPlugin>(services => new BudgetPlugin(engine ?? KernelEngine.Of(services), agent));
        }

        // A kernel asks for its filters when it is made, which is when all its services are known.
        builder.Services.AddSingleton<IFunctionInvocationFilter>(services =>
        {
            guarded.Verify();
            var meter = engine ?? KernelEngine.Of(services);
            return new FunctionFilter(new FunctionGuard(agent, meter, options.ToolBudgets));
        });
        return builder;
    }
}
