"""The transforms and models that are compared with torchvision: read by the tests and by the golden script."""

TRANSFORMS = """
ToTensor()
PILToTensor()
ToPILImage()
Normalize((0.5, 0.4, 0.3), (0.5, 0.2, 0.3))
ConvertImageDtype(torch.float32)
ConvertImageDtype(torch.uint8)
ConvertImageDtype(torch.int16)
Resize(5)
Resize((6, 11))
Resize((12, 5), interpolation=InterpolationMode.BICUBIC)
Resize((12, 5), interpolation=InterpolationMode.BICUBIC, antialias=False)
Resize((12, 5), antialias=False)
Resize(4, max_size=5)
Resize((11, 4), interpolation=InterpolationMode.NEAREST)
Resize((11, 4), interpolation=InterpolationMode.NEAREST_EXACT)
CenterCrop(4)
CenterCrop((9, 5))
FiveCrop(3)
TenCrop((3, 4), vertical_flip=True)
Pad(1)
Pad((1, 2), fill=3)
Pad((1, 2, 0, 3), padding_mode="reflect")
Pad(2, padding_mode="edge")
Pad((2, -1), padding_mode="symmetric")
Grayscale()
Grayscale(3)
RandomCrop(5)
RandomCrop((5, 6), padding=2)
RandomCrop(7, padding=(1, 3), padding_mode="reflect")
RandomCrop(10, pad_if_needed=True, fill=2)
RandomHorizontalFlip()
RandomVerticalFlip(0.7)
RandomRotation(30)
RandomRotation((40, 80), expand=True)
RandomRotation(30, interpolation=InterpolationMode.BILINEAR, fill=1)
RandomRotation(20, center=(2, 3))
RandomAffine(10, translate=(0.2, 0.3), scale=(0.8, 1.2), shear=10)
RandomAffine(30, shear=(1, 20, 2, 9), interpolation=InterpolationMode.BILINEAR)
RandomResizedCrop(5)
RandomResizedCrop((4, 6), scale=(0.5, 0.9), interpolation=InterpolationMode.NEAREST)
ColorJitter(0.4, 0.4, 0.4, 0.2)
ColorJitter(brightness=(0.5, 1.5))
RandomGrayscale(0.6)
RandomInvert()
RandomPosterize(3, p=1)
RandomSolarize(100, p=0.9)
RandomSolarize(0.4, p=1)
RandomAdjustSharpness(2.0, p=1)
RandomAdjustSharpness(0.3, p=1)
RandomAutocontrast(p=1)
RandomEqualize(p=1)
GaussianBlur(3)
GaussianBlur((5, 3), sigma=(0.5, 1.5))
RandomPerspective(p=1)
RandomPerspective(0.4, p=1, fill=2, interpolation=InterpolationMode.NEAREST)
AutoAugment()
AutoAugment(AutoAugmentPolicy.CIFAR10, fill=3)
AutoAugment(AutoAugmentPolicy.SVHN)
RandAugment()
RandAugment(3, 15, interpolation=InterpolationMode.BILINEAR)
TrivialAugmentWide()
RandomErasing(p=1)
RandomErasing(p=0.8, value=(1.0, 2.0, 3.0))
RandomErasing(p=1, value="random")
RandomApply([ColorJitter(0.3), RandomHorizontalFlip()], p=0.4)
RandomChoice([RandomHorizontalFlip(1), RandomVerticalFlip(1)])
RandomOrder([RandomHorizontalFlip(1), Pad(1)])
Compose([RandomCrop(6, padding=1), RandomHorizontalFlip(), Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
""".strip().splitlines()

SEEDS = (0, 1)

MODELS = {
    "resnet18": {"num_classes": 5},
    "resnet50": {"num_classes": 5, "zero_init_residual": True},
    "mobilenet_v2": {"num_classes": 5, "width_mult": 0.5},
    "efficientnet_b0": {"num_classes": 5},
    "mobilenet_v3_small": {"num_classes": 5},
    "squeezenet1_1": {"num_classes": 5},
    "densenet121": {"num_classes": 5},
    "shufflenet_v2_x0_5": {"num_classes": 5},
    "googlenet": {"num_classes": 5, "init_weights": False},
    "vit_b_16": {"num_classes": 5, "image_size": 64},
}
# Too large to draw all their numbers in a test: only the layers are compared.
LARGE = (
    "alexnet", "vgg11", "vgg13_bn", "vgg16", "vgg19_bn", "resnet34", "resnet101", "resnext50_32x4d", "wide_resnet50_2",
    "densenet201", "efficientnet_b2", "efficientnet_b7", "efficientnet_v2_s", "mobilenet_v3_large", "squeezenet1_0",
    "vit_l_32", "shufflenet_v2_x1_0",
)  # fmt: skip
