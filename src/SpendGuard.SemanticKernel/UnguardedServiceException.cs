namespace SpendGuard.SemanticKernel;

/// <summary>A kernel has a model service that no budget would stand before. It is not run.</summary>
public sealed class UnguardedServiceException : InvalidOperationException
{
    /// <summary>Refuses a service.</summary>
    /// <param name="service">The service, as it is registered.</param>
    /// <param name="reason">Why it cannot be guarded, as a whole sentence.</param>
    /// <param name="remedy">What to put in its place, as a whole sentence.</param>
    public UnguardedServiceException(string service, string reason, string remedy)
        : base($"The kernel has a model service without a budget: {service}. {reason} {remedy}")
    {
        Service = service;
    }

    /// <summary>The service, as it is registered.</summary>
    public string Service { get; }
}
